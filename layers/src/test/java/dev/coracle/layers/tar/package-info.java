@NullMarked
package dev.coracle.layers.tar;

import org.jspecify.annotations.NullMarked;
