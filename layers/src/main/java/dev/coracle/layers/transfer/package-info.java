/** Images and trees on their way into the repository and out of it, as streams: nothing is written twice. */
@NullMarked
package dev.coracle.layers.transfer;

import org.jspecify.annotations.NullMarked;
