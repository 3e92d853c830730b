/** Many inputs made from good ones, to see that each is answered: for the readers of what strangers send. */
@org.jspecify.annotations.NullMarked
package io.lowpass.testing.fuzz;
