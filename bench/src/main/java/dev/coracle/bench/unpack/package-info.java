/** The unpacker as a program, to be measured beside others. */
@NullMarked
package dev.coracle.bench.unpack;

import org.jspecify.annotations.NullMarked;
