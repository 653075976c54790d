@NullMarked
package dev.coracle.layers.registry.http;

import org.jspecify.annotations.NullMarked;
