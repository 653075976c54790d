#ifndef CORACLE_TRACE_FOLLOW_H
#define CORACLE_TRACE_FOLLOW_H

/*
 * Most of what a stop costs is to wake another processor up. So while one thread makes stop after
 * stop, the tracer runs where that thread does; when others stop too it runs wherever it can.
 */
void follow(int thread);

#endif
