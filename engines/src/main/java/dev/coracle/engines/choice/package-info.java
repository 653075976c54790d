/** Which engine a launch gets, and why: one table. */
@NullMarked
package dev.coracle.engines.choice;

import org.jspecify.annotations.NullMarked;
