/** What people call images: references to registries, local names as udocker has them, and platforms. Nothing is looked up. */
@NullMarked
package dev.coracle.layers.reference;

import org.jspecify.annotations.NullMarked;
