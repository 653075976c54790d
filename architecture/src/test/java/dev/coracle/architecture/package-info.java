/** The rules of the house, as tests; and tests that the rules bite. */
@NullMarked
package dev.coracle.architecture;

import org.jspecify.annotations.NullMarked;
