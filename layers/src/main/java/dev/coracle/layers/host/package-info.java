/** Makes a tree of programs of this machine, with all that they need to start elsewhere. */
@NullMarked
package dev.coracle.layers.host;

import org.jspecify.annotations.NullMarked;
