@NullMarked
package dev.coracle.layers.transfer;

import org.jspecify.annotations.NullMarked;
