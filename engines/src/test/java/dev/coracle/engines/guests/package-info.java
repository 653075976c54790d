/** Guests for the engine's tests: a Debian tree, compiled and foreign programs, and two ways to run them. */
@NullMarked
package dev.coracle.engines.guests;

import org.jspecify.annotations.NullMarked;
