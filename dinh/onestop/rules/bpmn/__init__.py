"""Steps of a procedure as BPMN 2.0, out and in, for the part of BPMN that the steps can say.

A step is a user task. Several outcomes leave it by an exclusive gateway, an outcome that opens several steps
by a parallel one; a step that joins stands behind an inclusive gateway, because it opens when no branch can
still arrive. What BPMN has no word for (role, unit, hours, needs, conditions over the form) stands in
extension elements as JSON, so that a diagram that went out comes back the same, whatever a tool has moved.
"""
