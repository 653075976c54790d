@NullMarked
package dev.coracle.cli.lambda;

import org.jspecify.annotations.NullMarked;
