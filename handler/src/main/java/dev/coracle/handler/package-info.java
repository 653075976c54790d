/** The Lambda door: environment to settings, wiring, response mapping. */
@NullMarked
package dev.coracle.handler;

import org.jspecify.annotations.NullMarked;
