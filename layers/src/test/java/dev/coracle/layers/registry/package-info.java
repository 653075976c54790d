@NullMarked
package dev.coracle.layers.registry;

import org.jspecify.annotations.NullMarked;
