/** Reads from ELF files what has to be known to run them elsewhere. */
@NullMarked
package dev.coracle.engines.elf;

import org.jspecify.annotations.NullMarked;
