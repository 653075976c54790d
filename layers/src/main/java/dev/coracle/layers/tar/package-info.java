/** Tar streams as byte strings (one char is one byte): nothing in them is believed, and nothing of them is lost. */
@NullMarked
package dev.coracle.layers.tar;

import org.jspecify.annotations.NullMarked;
