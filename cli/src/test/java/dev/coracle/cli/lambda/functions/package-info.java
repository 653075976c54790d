/** Functions that the tests of the local Lambda pack into zips and run. */
@NullMarked
package dev.coracle.cli.lambda.functions;

import org.jspecify.annotations.NullMarked;
