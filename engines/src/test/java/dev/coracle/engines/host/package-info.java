/** Tests of what is found out about the host. */
@NullMarked
package dev.coracle.engines.host;

import org.jspecify.annotations.NullMarked;
