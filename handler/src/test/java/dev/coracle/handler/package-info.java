@NullMarked
package dev.coracle.handler;

import org.jspecify.annotations.NullMarked;
