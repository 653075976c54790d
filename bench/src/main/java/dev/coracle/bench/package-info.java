/** Benchmarks against native and peers; run by hand, never part of the tests. */
@NullMarked
package dev.coracle.bench;

import org.jspecify.annotations.NullMarked;
