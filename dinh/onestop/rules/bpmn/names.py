"""Namespaces of BPMN 2.0 and our own, and the names of its elements in words."""

from dinh.kernel.errors import N_

__all__ = ["BPMN", "BPMNDI", "DC", "DI", "IGNORED", "OWN", "TASKS", "WORDS"]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
OWN = "urn:dinh:procedure:1"

TASKS = frozenset({"task", "userTask", "manualTask", "sendTask", "receiveTask"})

# Elements that say nothing about the order of steps: notes, data, lanes as drawn.
IGNORED = frozenset(
    {
        *("documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group"),
        *("dataObject", "dataObjectReference", "dataStoreReference", "ioSpecification", "property"),
    }
)

# What the steps cannot say, in words.
WORDS = {
    "subProcess": N_("quy trình con"),
    "transaction": N_("giao dịch"),
    "adHocSubProcess": N_("quy trình con tùy biến"),
    "callActivity": N_("gọi quy trình khác"),
    "serviceTask": N_("việc do máy làm"),
    "scriptTask": N_("việc chạy mã lệnh"),
    "businessRuleTask": N_("việc theo bảng quy tắc"),
    "boundaryEvent": N_("sự kiện gắn ở cạnh việc"),
    "intermediateCatchEvent": N_("sự kiện chờ giữa quy trình"),
    "intermediateThrowEvent": N_("sự kiện phát giữa quy trình"),
    "eventBasedGateway": N_("cổng theo sự kiện"),
    "complexGateway": N_("cổng phức hợp"),
    "multiInstanceLoopCharacteristics": N_("việc lặp nhiều lần"),
    "standardLoopCharacteristics": N_("việc lặp theo điều kiện"),
    "timerEventDefinition": N_("hẹn giờ"),
    "messageEventDefinition": N_("sự kiện tin nhắn"),
    "errorEventDefinition": N_("sự kiện lỗi"),
    "signalEventDefinition": N_("sự kiện tín hiệu"),
    "terminateEventDefinition": N_("kết thúc mọi nhánh"),
    "conditionExpression": N_("điều kiện viết bằng ngôn ngữ của công cụ khác"),
    "inclusiveSplit": N_("cổng bao hàm rẽ nhánh"),
    "splitInFork": N_("cổng lựa chọn ngay sau cổng song song"),
    "secondProcess": N_("quy trình thứ hai trong cùng tệp"),
}
