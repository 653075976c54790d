/** Lambda layers: an image or the tools in a zip that is the same bytes for the same input. */
@NullMarked
package dev.coracle.layers.build;

import org.jspecify.annotations.NullMarked;
