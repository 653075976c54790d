/** Tests of what other programs need to run a container. */
@NullMarked
package dev.coracle.engines.container;

import org.jspecify.annotations.NullMarked;
