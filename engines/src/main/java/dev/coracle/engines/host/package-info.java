/** What this host allows and has, found out by trying. */
@NullMarked
package dev.coracle.engines.host;

import org.jspecify.annotations.NullMarked;
