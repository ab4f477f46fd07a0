package dev.safefinetune.contract;

/**
 * How a training stage saves its state on the run's scratch volume, so that another pod of the same Job can go on with it.
 *
 * @param everySeconds longest stretch of training that a pod killed without a word loses
 * @param keep how many of the newest checkpoints are kept
 * @param withinSeconds from SIGTERM to the end of the process, a last checkpoint included; less than the pod's grace period
 */
public record Checkpointing(int everySeconds, int keep, int withinSeconds) {
    public Checkpointing {
        Require.range("checkpoint.everySeconds", everySeconds, 1, 86_400);
        Require.range("checkpoint.keep", keep, 1, 100);
        Require.range("checkpoint.withinSeconds", withinSeconds, 1, 3600);
    }
}
