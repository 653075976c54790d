/** System calls recorded from outside, and the proof that no path among them left the tree. */
@NullMarked
package dev.coracle.engines.audit;

import org.jspecify.annotations.NullMarked;
