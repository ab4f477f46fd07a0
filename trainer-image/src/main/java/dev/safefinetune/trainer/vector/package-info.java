/** Security vectors (Zhou et al., arXiv 2311.02105): trained, and measured for readiness. */
@NullMarked
package dev.safefinetune.trainer.vector;

import org.jspecify.annotations.NullMarked;
