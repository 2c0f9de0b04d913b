"""Invented sentences of the demonstration."""

DONE = (
    "Two rounds of training were held and the first internal order on gender advisers was signed.",
    "The working group met twice; the draft regulation went out for comments.",
    "Staff of all regional units took part in the introduction to Resolution 1325.",
    "The referral form was printed and handed to every unit.",
)
GAP = (
    "Recruitment was frozen until the budget was approved.",
    "Two of the planned trainings moved to the next quarter.",
    "",
)
CHALLENGE = (
    "Data by age group still have to be counted by hand.",
    "Trained staff are often moved to other units.",
    "Transport to the regions is not budgeted.",
)
LESSON = (
    "A named contact in each unit halves the time it takes to collect the figures.",
    "Joint training with civil society was rated higher than our own.",
    "",
)
NEXT = (
    "Sign the regulation and train the trainers.",
    "Extend the trainings to the border units.",
    "Agree the form of the register with the statistics office.",
)
COMMENT = (
    "Checked against the register: a campaign in six towns brought many more people than usual.",
    "The figure is right: two offices reported for the first time.",
)
MINISTRY = {
    "on_track": (
        "The activities run as planned.",
        "The figures moved as expected this quarter.",
    ),
    "at_risk": (
        "Slower than planned; a recovery plan is agreed.",
        "Two activities moved to the next quarter.",
    ),
    "off_track": (
        "Recruitment was frozen; the target needs a new date.",
        "No budget line was opened for this work.",
    ),
}
COALITION = {
    "on_track": (
        "Confirmed by our members in three regions.",
        "The figure agrees with what we counted ourselves.",
    ),
    "at_risk": (
        "The figure is right, the pace is not enough for the target.",
        "The capital moves, the regions do not.",
    ),
    "off_track": (
        "Our members saw fewer activities than reported.",
        "Nothing has changed here since the plan began.",
    ),
}
UNSPLIT = "The finance office books both sources in one account."
OVERSPENT = "Prices rose after the budget law; the rest comes from the reserve of the ministry."
REPLY = (
    "The coalition counts what it sees in three regions; our registers cover all twelve.",
    "We agree that the pace is slow. The posts were opened in May and are filled by autumn.",
    "The activities of the last month were not yet in the report; the list is in the evidence.",
)
FLAG = (
    "Please give the source of this figure; it differs from the one published in spring.",
    "The parts look swapped compared with the last quarter. Please check.",
)
RETURN = "Two lines need a correction before we can validate; the rest is clear."


def pick(texts: tuple[str, ...], *numbers: int) -> str:
    """One of the sentences, always the same for the same numbers."""
    return texts[sum(numbers) % len(texts)]


LIST = "Invented for the demonstration / E sajuar për demonstrimin"
"""What stands in a file of evidence."""
