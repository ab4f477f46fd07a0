package dev.safefinetune.cluster.faults;

import dev.safefinetune.api.v1alpha1.FineTunePhase;
import dev.safefinetune.api.v1alpha1.VectorPhase;
import dev.safefinetune.cluster.world.Team;

/** Whose run it is. */
enum Subject {
    VECTOR {
        @Override
        void apply(Team team) {
            team.applyVector();
        }

        @Override
        boolean hasEnded(Team team) {
            VectorPhase phase = team.vector().getStatus().phase();
            return phase == VectorPhase.READY || phase == VectorPhase.FAILED;
        }
    },
    FINE_TUNE {
        @Override
        void apply(Team team) {
            team.applyReadyVector();
            team.applyFineTune();
        }

        @Override
        boolean hasEnded(Team team) {
            FineTunePhase phase = team.fineTune().getStatus().phase();
            return phase == FineTunePhase.SUCCEEDED || phase == FineTunePhase.FAILED;
        }
    };

    /** Makes the resource, and what it needs. */
    abstract void apply(Team team);

    /** Whether its status says so. */
    abstract boolean hasEnded(Team team);
}
