/**
 * The file system calls that Java lacks: names relative to an open directory, never following a link.
 *
 * <p>Names are byte strings: each char is one byte of the name, because Linux names need not be text and the JVM's own
 * file API cannot even spell an accented letter when the locale is {@code C}.
 */
@NullMarked
package dev.coracle.layers.linux;

import org.jspecify.annotations.NullMarked;
