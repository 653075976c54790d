/** Pulling as a program, to be measured beside others. */
@NullMarked
package dev.coracle.bench.pull;

import org.jspecify.annotations.NullMarked;
