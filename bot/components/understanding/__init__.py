"""Understanding of residents' messages: intent, programme, facts, danger.

`pipeline.Understander.parse(text, asking, today)` is the one entry; `component` wraps it for Rasa,
`bot.understand` for the command line. Everything but `component` runs without Rasa.

Entities carry the fact keys of the label set with normalised JSON values, and besides:
- an uncertain amount is {"low": …, "high": …}, either bound may be null (不到一千, 至少三千);
- `region` is a full name, or a list of full names when the name is ambiguous;
- a question answered with 没有 gives 0, false, [] (receiving) or "无" (disease, disability …);
- `self_care` may also be 能自理 and `for_relation` 本人, as answers to the question;
- `program` has `implied: true` when the message does not name it;
- `unknown`, `correction` (true), `crisis_kind`, `bank_card`, `unclear_number` (a number that was
  asked for and cannot be one).
"""
