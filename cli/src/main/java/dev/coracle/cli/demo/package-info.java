/** The demo: the whole way from programs of this machine to the answer of a Lambda function, told to a person. */
@NullMarked
package dev.coracle.cli.demo;

import org.jspecify.annotations.NullMarked;
