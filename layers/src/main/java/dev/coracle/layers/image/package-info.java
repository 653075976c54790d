/** The forms in which images lie on a disk, read with every digest checked before the bytes are used. */
@NullMarked
package dev.coracle.layers.image;

import org.jspecify.annotations.NullMarked;
