/** The one bridge to DJL's internals; it has to live in their package, because what it calls is not public. */
@NullMarked
package ai.djl.pytorch.jni;

import org.jspecify.annotations.NullMarked;
