/** The parts of the benchmarks that can be wrong without anyone seeing it. */
@NullMarked
package dev.coracle.bench;

import org.jspecify.annotations.NullMarked;
