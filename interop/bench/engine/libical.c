/* libical's side: what is asked of it, in its own terms (libical 3, ical.h). */
#include <libical/ical.h>

struct answer {
    long count;
    long sum;
};

/* The components and the properties of a tree, its root counted. */
static void count(icalcomponent *component, struct answer *answer) {
    answer->count += 1;
    answer->sum += icalcomponent_count_properties(component, ICAL_ANY_PROPERTY);
    icalcomponent *child = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; child; child = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) {
        count(child, answer);
    }
}

void *libical_read(const char *text) { return icalparser_parse_string(text); }

void libical_count(void *calendar, struct answer *answer) { count(calendar, answer); }

void libical_free(void *calendar) { icalcomponent_free(calendar); }

static void take(icalcomponent *event, struct icaltime_span *span, void *data) {
    (void)event;
    struct answer *answer = data;
    answer->count += 1;
    answer->sum += span->start;
}

/* The occurrences of the first event that overlap a range of seconds since 1970. */
void libical_occurrences(void *calendar, long start, long end, struct answer *answer) {
    icalcomponent *event = icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT);
    icaltimezone *utc = icaltimezone_get_utc_timezone();
    icalcomponent_foreach_recurrence(event, icaltime_from_timet_with_zone(start, 0, utc), icaltime_from_timet_with_zone(end, 0, utc), take, answer);
}
