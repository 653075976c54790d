/** What a tree is made of: image formats, unpacking, tree archives, and Lambda layers. */
@NullMarked
package dev.coracle.layers;

import org.jspecify.annotations.NullMarked;
