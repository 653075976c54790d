@NullMarked
package dev.coracle.runtime;

import org.jspecify.annotations.NullMarked;
