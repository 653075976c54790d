@NullMarked
package dev.coracle.layers.registry.credential;

import org.jspecify.annotations.NullMarked;
