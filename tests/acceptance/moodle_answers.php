<?php
/**
 * Answers questions in a real Moodle: php moodle_answers.php MOODLE FILE.xml ANSWERS.json
 *
 * ANSWERS.json maps idnumbers to lists of responses: {"choose": [places]}, {"say": bool}, {"type": text},
 * {"match": [texts]}, {"order": [places]} or {"fill": [texts]}; places are those in the file, from 0.
 * Prints for each the fraction, the state and the text of the page, in the same form, as JSON.
 */
define('CLI_SCRIPT', true);
[, $dirroot, $file, $answers] = array_map(fn($path) => realpath($path) ?: $path, $argv);
$_SERVER['argv'] = [$argv[0]];
chdir($dirroot);
require("$dirroot/config.php");
require_once("$CFG->libdir/questionlib.php");
require_once("$CFG->dirroot/question/format.php");
require_once("$CFG->dirroot/question/format/xml/format.php");
require_once("$CFG->dirroot/question/engine/lib.php");
require_once("$CFG->dirroot/course/lib.php");
require_once("$CFG->dirroot/question/editlib.php");
\core\session\manager::set_user(get_admin());

ob_start();
$name = uniqid('answers');
$course = create_course((object) ['fullname' => $name, 'shortname' => $name, 'category' => 1]);
$context = context_course::instance($course->id);
$PAGE->set_context($context);
$PAGE->set_course($course);
$PAGE->set_url('/');
$category = question_make_default_categories([$context]);
$category->context = $context;
$importer = new qformat_xml();
$importer->setCategory($category);
$importer->setContexts((new \core_question\local\bank\question_edit_contexts($context))->having_one_edit_tab_cap('import'));
$importer->setCourse($course);
$importer->setFilename($file);
$importer->setMatchgrades('error');
$importer->setCatfromfile(true);
$importer->setContextfromfile(true);
$importer->setStoponerror(true);
$importer->importprocess();

/** The response that stands for what was asked, as the question's form would send it. */
function response(question_definition $question, question_attempt $attempt, array $asked): array {
    [$how, $what] = [array_key_first($asked), reset($asked)];
    switch ($how) {
        case 'choose':
            $ids = array_keys($question->answers);
            $order = $question->get_order($attempt);
            $places = array_map(fn($place) => array_search($ids[$place], $order), $what);
            if ($question instanceof qtype_multichoice_single_question) {
                return ['answer' => $places[0]];
            }
            return array_fill_keys(array_map(fn($place) => "choice$place", $places), 1);
        case 'say':
            return ['answer' => (int) $what];
        case 'type':
            return ['answer' => $what];
        case 'match':
            $response = [];
            foreach (array_keys($question->stems) as $index => $stem) {
                $choice = array_search($what[$index], $question->choices, true);
                $field = 'sub' . array_search($stem, $question->get_stem_order());
                $response[$field] = array_search($choice, $question->get_choice_order()) ?: 0;
            }
            return $response;
        case 'order':
            $ids = array_keys($question->answers);
            $keys = array_map(fn($place) => $question->answers[$ids[$place]]->md5key, $what);
            return [$question->get_response_fieldname() => implode(',', $keys)];
        case 'fill':
            $response = [];
            foreach ($what as $index => $text) {
                $response['sub' . ($index + 1) . '_answer'] = $text;
            }
            return $response;
    }
}

$told = [];
foreach (json_decode(file_get_contents($answers), true) as $idnumber => $list) {
    $id = $DB->get_field_sql('SELECT v.questionid FROM {question_versions} v
        JOIN {question_bank_entries} e ON e.id = v.questionbankentryid
        JOIN {question_categories} c ON c.id = e.questioncategoryid
        WHERE e.idnumber = ? AND c.contextid = ?', [$idnumber, $context->id]);
    foreach ($list as $asked) {
        $usage = question_engine::make_questions_usage_by_activity('core_question_preview', context_user::instance($USER->id));
        $usage->set_preferred_behaviour('deferredfeedback');
        $slot = $usage->add_question(question_bank::load_question($id), 1);
        $usage->start_question($slot);
        $attempt = $usage->get_question_attempt($slot);
        question_engine::save_questions_usage_by_activity($usage);
        $usage->process_action($slot, response($attempt->get_question(), $attempt, $asked));
        $usage->finish_all_questions();
        $options = new question_display_options();
        $options->context = $context;
        $page = $usage->render_question($slot, $options, '1');
        $text = html_entity_decode(preg_replace('/<[^>]+>/', ' ', $page), ENT_QUOTES | ENT_HTML5);
        $told[$idnumber][] = [
            'fraction' => $attempt->get_fraction(),
            'state' => (string) $attempt->get_state(),
            'seen' => trim(preg_replace('/\s+/u', ' ', $text)),
        ];
        question_engine::delete_questions_usage_by_activity($usage->get_id());
    }
}
delete_course($course, false);
ob_end_clean();
echo json_encode($told, JSON_UNESCAPED_UNICODE | JSON_PARTIAL_OUTPUT_ON_ERROR);
