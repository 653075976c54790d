@NullMarked
package dev.coracle.events;

import org.jspecify.annotations.NullMarked;
