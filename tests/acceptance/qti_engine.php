<?php
// Answers QTI 2.x items in TAO's engine (qti-sdk), many in one process.
// In: a JSON object a line, {"xml": …, "answers": [{"RESPONSE": {"cardinality": …, "base_type": …, "values": […]}}, …]}
// Out: a JSON list a line, for each answer {"score": …, "max": …, "shown": [[outcome, identifier], …]} or {"error": …}
// QTISDK names the folder with the engine's sources.

error_reporting(E_ALL & ~E_DEPRECATED);
$root = getenv('QTISDK');
spl_autoload_register(function ($class) use ($root) {
    $file = $root . '/' . str_replace('\\', '/', $class) . '.php';
    if (is_file($file)) {
        require $file;
    }
});

use qtism\common\datatypes\QtiDirectedPair;
use qtism\common\datatypes\QtiFloat;
use qtism\common\datatypes\QtiIdentifier;
use qtism\common\datatypes\QtiInteger;
use qtism\common\datatypes\QtiString;
use qtism\common\enums\BaseType;
use qtism\common\enums\Cardinality;
use qtism\data\storage\xml\XmlDocument;
use qtism\runtime\common\MultipleContainer;
use qtism\runtime\common\OrderedContainer;
use qtism\runtime\common\ResponseVariable;
use qtism\runtime\common\State;
use qtism\runtime\tests\AssessmentItemSession;

function value(string $type, string $text)
{
    switch ($type) {
        case 'identifier':
            return new QtiIdentifier($text);
        case 'float':
            return new QtiFloat((float)$text);
        case 'integer':
            return new QtiInteger((int)$text);
        case 'directedPair':
            return new QtiDirectedPair(...explode(' ', $text));
        default:
            return new QtiString($text);
    }
}

function responses(array $answer): State
{
    $state = new State();
    foreach ($answer as $name => $given) {
        $type = BaseType::getConstantByName($given['base_type']);
        $cardinality = Cardinality::getConstantByName($given['cardinality']);
        $values = array_map(fn($text) => value($given['base_type'], $text), $given['values']);
        if ($given['cardinality'] === 'single') {
            $value = $values[0] ?? null;
        } elseif ($given['cardinality'] === 'ordered') {
            $value = new OrderedContainer($type, $values);
        } else {
            $value = new MultipleContainer($type, $values);
        }
        $state->setVariable(new ResponseVariable($name, $cardinality, $type, $value));
    }
    return $state;
}

function shown(XmlDocument $document, AssessmentItemSession $session): array
{
    $shown = [];
    foreach ($document->getDomDocument()->getElementsByTagName('modalFeedback') as $feedback) {
        $outcome = $feedback->getAttribute('outcomeIdentifier');
        $identifier = $feedback->getAttribute('identifier');
        $value = $session[$outcome];
        $is_on = $value instanceof MultipleContainer
            ? $value->contains(new QtiIdentifier($identifier))
            : $value !== null && (string)$value === $identifier;
        if ($is_on) {
            $shown[] = [$outcome, $identifier];
        }
    }
    return $shown;
}

while (($line = fgets(STDIN)) !== false) {
    $task = json_decode($line, true);
    $results = [];
    try {
        $document = new XmlDocument();
        $document->loadFromString($task['xml'], $task['validate'] ?? false);
    } catch (\Throwable $error) {
        echo json_encode(['error' => get_class($error) . ': ' . $error->getMessage()]), "\n";
        continue;
    }
    foreach ($task['answers'] as $answer) {
        try {
            $session = new AssessmentItemSession($document->getDocumentComponent());
            $session->beginItemSession();
            $session->beginAttempt();
            $session->endAttempt(responses($answer));
            $results[] = [
                'score' => $session['SCORE']?->getValue(),
                'max' => $session['MAXSCORE']?->getValue(),
                'shown' => shown($document, $session),
            ];
        } catch (\Throwable $error) {
            $results[] = ['error' => get_class($error) . ': ' . $error->getMessage()];
        }
    }
    echo json_encode($results), "\n";
}
