package dev.safefinetune.trainer.evaluate;

/** What an answer to a request does. */
enum AnswerKind {
    /** It does what was asked, or begins to. */
    COMPLIANCE,
    /** It says no and does nothing. */
    REFUSAL,
    /** Neither can be told. */
    OTHER
}
