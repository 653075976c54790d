/** How a command runs inside a tree: engines, their native program, and process supervision. */
@NullMarked
package dev.coracle.engines;

import org.jspecify.annotations.NullMarked;
