@NullMarked
package dev.coracle.layers.reference;

import org.jspecify.annotations.NullMarked;
