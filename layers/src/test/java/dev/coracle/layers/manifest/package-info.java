@NullMarked
package dev.coracle.layers.manifest;

import org.jspecify.annotations.NullMarked;
