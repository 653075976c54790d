/** What reads bytes of strangers, for a fuzzer to call; and what fuzzers have found, kept. */
@NullMarked
package dev.coracle.layers.fuzz;

import org.jspecify.annotations.NullMarked;
