@NullMarked
package dev.coracle.layers.store;

import org.jspecify.annotations.NullMarked;
