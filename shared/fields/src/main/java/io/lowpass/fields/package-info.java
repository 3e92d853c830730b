/**
 * What somebody else wrote, field by field: a request, an option, a settings file. Readers give the value or note what is
 * wrong with it; a {@link io.lowpass.fields.FieldTable} says what each field may be.
 */
@NullMarked
package io.lowpass.fields;

import org.jspecify.annotations.NullMarked;
