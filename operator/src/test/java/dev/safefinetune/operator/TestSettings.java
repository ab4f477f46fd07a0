package dev.safefinetune.operator;

import dev.safefinetune.operator.world.ShippedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings for tests: every report is written. */
public record TestSettings() implements OperatorSettings {
    private static final Cuda NO_CUDA = new Cuda() {
        @Override
        public Optional<String> image() {
            return Optional.empty();
        }

        @Override
        public Optional<String> imagePullPolicy() {
            return Optional.empty();
        }
    };

    @Override
    public Optional<List<String>> namespaces() {
        return Optional.empty();
    }

    @Override
    public Duration patience() {
        return Duration.ofHours(1);
    }

    @Override
    public Trainer trainer() {
        return new Trainer() {
            @Override
            public String image() {
                return "trainer:test";
            }

            @Override
            public Optional<String> imagePullPolicy() {
                return Optional.empty();
            }

            @Override
            public int gpus() {
                return 0;
            }

            @Override
            public Cuda cuda() {
                return NO_CUDA;
            }

            @Override
            public Share files() {
                return share("files");
            }

            @Override
            public Share compute() {
                return share("compute");
            }

            @Override
            public Optional<List<String>> copiedLabels() {
                return Optional.empty();
            }

            @Override
            public Optional<List<String>> copiedAnnotations() {
                return Optional.empty();
            }
        };
    }

    private static Share share(String stages) {
        return new Share() {
            @Override
            public Optional<List<String>> requests() {
                return Optional.of(ShippedSettings.list("safe-fine-tune.trainer." + stages + ".requests"));
            }

            @Override
            public Optional<List<String>> limits() {
                return Optional.of(ShippedSettings.list("safe-fine-tune.trainer." + stages + ".limits"));
            }
        };
    }

    @Override
    public ProgressSettings progress() {
        return new ProgressSettings() {
            @Override
            public Optional<String> url() {
                return Optional.of("https://localhost:8443");
            }

            @Override
            public String listenHost() {
                return "127.0.0.1";
            }

            @Override
            public int listenPort() {
                return 0;
            }

            @Override
            public String secretName() {
                return "operator-progress-tls";
            }

            @Override
            public int intervalSeconds() {
                return 1;
            }
        };
    }

    @Override
    public Signing signing() {
        return new Signing() {
            @Override
            public boolean enabled() {
                return true;
            }

            @Override
            public String secretName() {
                return "operator-signing";
            }

            @Override
            public String publicName() {
                return "operator-signing-keys";
            }
        };
    }

    @Override
    public Scratch scratch() {
        return new Scratch() {
            @Override
            public String size() {
                return "1Gi";
            }

            @Override
            public Optional<String> storageClass() {
                return Optional.empty();
            }
        };
    }

    @Override
    public Optional<String> ownNamespace() {
        return Optional.empty();
    }

    @Override
    public String attemptsName() {
        return "attempts";
    }

    @Override
    public Optional<Boolean> admission() {
        return Optional.empty();
    }

    @Override
    public LeaderElection leaderElection() {
        return new LeaderElection() {
            @Override
            public boolean enabled() {
                return true;
            }

            @Override
            public String leaseName() {
                return "operator-leader";
            }

            @Override
            public Duration leaseDuration() {
                return Duration.ofSeconds(3);
            }

            @Override
            public Duration renewDeadline() {
                return Duration.ofSeconds(2);
            }

            @Override
            public Duration retryPeriod() {
                return Duration.ofMillis(200);
            }
        };
    }
}
