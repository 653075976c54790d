@NullMarked
package dev.coracle.engines;

import org.jspecify.annotations.NullMarked;
